-- Customers alike in how often and for how much they came back, counted.
select x, mean_spend, count(*) as customers
from summary
where x > 0 and mean_spend > 0
group by x, mean_spend
