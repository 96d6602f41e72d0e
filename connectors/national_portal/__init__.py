"""The National Public Service Portal: filings come in and are answered 0, 1 or -1; statuses 1 to 10 go out."""
