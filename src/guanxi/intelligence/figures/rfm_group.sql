select rfm_group, count(*) as customers, sum(spend_12m) as spend_12m, sum(monetary) as monetary
from customer_value
where rfm_group is not null
group by rfm_group
