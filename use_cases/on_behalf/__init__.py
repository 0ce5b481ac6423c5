"""A user's own Floyd number: Floyd answers it for them, and settles with whoever rings, or with their assistant, what the user says yes to."""
