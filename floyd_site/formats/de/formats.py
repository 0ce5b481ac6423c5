"""German, but for the decimal point: numbers in pages are also coordinates of drawings and values of fields."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = " "
