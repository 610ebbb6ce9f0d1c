"""Words and mechanics that every service stands on; no rule of any one service."""
