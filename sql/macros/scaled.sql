-- One money amount: amount x part / whole, half up to the fourth decimal; the amount itself without a whole.
-- Why: a share of a line's cost or of a target must be the same number wherever it is computed.
create macro scaled(amount, part, whole) as
case
    when whole is null or whole = 0 or part = whole then cast(amount as decimal(18, 4))
    else cast(round(cast(amount as double) * cast(part as double) / cast(whole as double), 4) as decimal(18, 4))
end
