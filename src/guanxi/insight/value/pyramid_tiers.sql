select
    layer.position,
    layer.tier,
    count(member.customer_id) as customers,
    cast(coalesce(sum(member.spend), 0) as decimal(28, 4)) as spend,
    min(member.spend) as spend_from
from (values (1, 'vip'), (2, 'major'), (3, 'regular'), (4, 'small')) as layer(position, tier)
left join member on member.tier = layer.tier
group by layer.position, layer.tier
order by layer.position
