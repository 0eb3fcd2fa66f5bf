select
    class.position,
    class.abc,
    count(member.customer_id) as customers,
    cast(coalesce(sum(member.spend), 0) as decimal(28, 4)) as spend,
    min(member.spend) as spend_from
from (values (1, 'A'), (2, 'B'), (3, 'C')) as class(position, abc)
left join member on member.abc = class.abc
group by class.position, class.abc
order by class.position
