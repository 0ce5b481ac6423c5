"""Reading mail: a mailbox over IMAP, a mail within bounds, the appointments of its calendar file. All of it is data from strangers."""
