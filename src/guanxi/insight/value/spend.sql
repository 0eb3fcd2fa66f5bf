-- Spend in the warehouse's one scale, whatever it came as.
select customer_id, gx_money(spend) as spend
from given
where customer_id is not null
