-- The targets of a version, every level of it; the latest version of a month that was not withdrawn enters the next
-- calculation. A version adopted before this table has its rows in its file.
create table target_amount (
    target_plan_id integer not null references target_plan (target_plan_id),
    line           integer not null,
    unit_kind      text not null,
    unit_id        text not null,
    product_id     text not null,
    cents          integer not null,
    primary key (target_plan_id, line)
);

alter table target_plan add column withdrawn_at text;
alter table target_plan add column withdrawn_by text;
alter table target_plan add column withdrawn_why text;
