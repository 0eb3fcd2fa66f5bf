select r, f, count(*) as customers, sum(spend_12m) as spend_12m, sum(monetary) as monetary
from customer_value
where r is not null
group by r, f
