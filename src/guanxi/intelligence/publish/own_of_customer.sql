-- what the sources of each customer say of own fields, as JSON; null of those they leave empty
select customer_id, '{' || gx_joined_by('"' || field || '":' || coalesce(value, 'null'), field) || '}' as custom
from own_value
group by customer_id
