"""What there is to show, and how it is drawn: lines of (text, roles), no colours, no screen."""
