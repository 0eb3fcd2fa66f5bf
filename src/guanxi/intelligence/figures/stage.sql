select stage, count(*) as customers, sum(spend_12m) as spend_12m, sum(monetary) as monetary
from customer_value
where stage is not null
group by stage
