-- One number, 0 to 19: the fold of people that a person is in. Why: expectations are fitted without the judged person's
-- fold, and which fold that is must follow from the id alone, on every machine.
create macro fold_of(rep_id) as
cast(md5_number_lower(rep_id) % 20 as integer)
