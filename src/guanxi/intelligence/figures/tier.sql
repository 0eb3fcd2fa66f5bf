select tier, count(*) as customers, sum(spend_12m) as spend_12m, sum(monetary) as monetary
from customer_value
where tier is not null
group by tier
