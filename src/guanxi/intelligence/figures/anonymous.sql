select count(*) as anonymous_lines, coalesce(sum(revenue), gx_money(0)) as anonymous_revenue
from fact_purchase_line
where party_key is null
