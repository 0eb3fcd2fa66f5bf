select tiers.method, tiers.tier, count(*) as customers, sum(customer_value.spend_12m) as spend_12m
from tiers
inner join customer_value on customer_value.customer_id = tiers.customer_id
group by tiers.method, tiers.tier
