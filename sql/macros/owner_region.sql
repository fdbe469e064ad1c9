-- One region id: the region given on the row, else that of the rep's stay, else the customer's, else ''.
-- Why: whose region a row counts for is decided once, for every kind of row.
create macro owner_region(given, of_rep, of_customer) as
coalesce(given, nullif(of_rep, ''), of_customer, '')
