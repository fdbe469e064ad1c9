-- One number: 1 for Monday to 7 for Sunday. Why: engines count days of the week differently; here is the one place.
create macro weekday_of(day) as
extract(isodow from day)
