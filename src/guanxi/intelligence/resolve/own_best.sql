-- the best known value of every own field: the first that is filled, in order of belief
select customer_id, field, gx_first_by(value, belief) as value
from own_told
group by customer_id, field
