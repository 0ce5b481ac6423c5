"""A mail server: it takes mail by SMTP, keeps it in mailboxes, and shows them by IMAP and on the sandbox's pages."""
