-- Customers alike in all that the model looks at, counted.
select x, t_x, t, count(*) as customers
from summary
group by x, t_x, t
