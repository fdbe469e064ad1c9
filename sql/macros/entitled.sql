-- One number of cents: the commission of an order that x of its money stands for; x, paid, net in ten-thousandths.
-- Formula: what was earned at the sale stands for the money paid by then, what was accrued for the rest, in proportion, half up.
-- Why: one rising function says what is due for what was collected and what is lost with what was returned.
create macro entitled(x, paid, net, earned, accrued) as
case
    when x >= net then earned + accrued
    when x <= 0 then 0
    when x >= paid then earned + half_up(accrued * (x - paid), net - paid)
    else half_up(earned * x, paid)
end
