-- A set of targets that somebody adopted, with who and why; the rows went into
-- the workspace's exports as file.
create table target_plan (
    target_plan_id integer primary key,
    month          text not null,
    file           text not null,
    total_cents    integer not null,
    way            text not null,
    n_people       integer not null,
    slope          real,
    reason         text not null,
    who            text not null,
    at             text not null
);

-- A split of a resource that somebody kept, with its gain as it was promised.
create table split_plan (
    split_plan_id integer primary key,
    month         text not null,
    resource      text not null,
    question      text not null,
    gain          real not null,
    gain_low      real not null,
    gain_high     real not null,
    probability   real not null,
    verdict       text not null,
    reason        text not null,
    who           text not null,
    at            text not null
);
