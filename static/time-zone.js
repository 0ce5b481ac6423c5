// Tells the form for a new account in which time zone its reader is.
document.querySelector('input[name="time_zone"]').value = Intl.DateTimeFormat().resolvedOptions().timeZone;
