"""Run by the environment of the vendor's client: every call that our adapter makes, made by it.

python talk.py <address> <key>     what it understood, as JSON

Its models are strict: an answer with a field of the wrong kind ends it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import debitura_debt_collection as vendor

_MEMBER = "dora@example.test"
_REFERENCE = "VENDORS-CLIENT-1"


def _new_case() -> (
    vendor.DebituraWebExternalApiContractsV1CasesRequestsCreateCollectionCaseRequestApiViewModel
):
    return vendor.DebituraWebExternalApiContractsV1CasesRequestsCreateCollectionCaseRequestApiViewModel(
        currency_code="DKK",
        var_date=datetime(2025, 12, 1, tzinfo=UTC),
        due_date=datetime(2025, 12, 31, tzinfo=UTC),
        creditor_reference=_REFERENCE,
        amount_to_recover=1200.5,
        claim_description="Invoice F-1",
        is_test=True,
        debtor=vendor.DebituraWebExternalApiContractsV1CasesDebtorDto(
            type="Private", name="Ejnar Sørensen", country_alpha2="DK"
        ),
    )


def main(address: str, key: str) -> None:
    configuration = vendor.Configuration(host=address, api_key={"ApiKey": key})
    with vendor.ApiClient(configuration) as client:
        cases, tests = vendor.CasesApi(client), vendor.TestCasesApi(client)
        made = cases.cases_post(_REFERENCE, _new_case())
        again = cases.cases_post(_REFERENCE, _new_case())
        hook = vendor.WebhooksApi(client).webhooks_post(
            vendor.DebituraDomainModelWebhooksDtosCreateWebhookRequest(
                url="https://forfald.example/hook", events=["case.closed"], is_test_mode=True
            )
        )
        chat = cases.cases_id_chats_post(
            made.id,
            vendor.DebituraWebExternalApiContractsV1ChatsSendChatRequest(
                message="The debtor paid 100.50 DKK to us", user_email=_MEMBER
            ),
        )
        advance = vendor.DebituraWebExternalApiContractsV1CasesRequestsAdvanceTestCaseRequest
        closed = tests.test_cases_id_advance_post(made.id, advance(to="Closed:Paid", amount=1200.5))
        found = cases.cases_by_creditor_reference_creditor_reference_get(_REFERENCE)
        try:
            cases.cases_by_creditor_reference_creditor_reference_get("NOBODY")
            missing = 200
        except vendor.ApiException as error:
            missing = error.status
        told = {
            "same": again.id == made.id,
            "gross": made.gross_amount,
            "lifecycle": [made.lifecycle, found.lifecycle],
            "close_code": found.close_code,
            "advanced": [closed.advanced, closed.state],
            "fetched": cases.cases_id_get(made.id).creditor_reference,
            "chats": [chat.message == one.message for one in cases.cases_id_chats_get(made.id)],
            "payments": [one.gross_amount for one in cases.cases_id_payments_get(made.id)],
            "timeline": len(cases.cases_id_timeline_get(made.id).items),
            "listed": [one.id == made.id for one in cases.cases_get().cases],
            "all_payments": len(vendor.PaymentsApi(client).payments_get().payments),
            "signed": vendor.ContractsApi(client).contracts_debt_collection_status_get().signed,
            "me": vendor.MeApi(client).me_get().company_name,
            "secret": bool(hook.secret),
            "events": [
                one.event_type
                for one in vendor.WebhookEventsApi(client).webhooks_events_get(case_id=made.id)
            ],
            "missing": missing,
        }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
