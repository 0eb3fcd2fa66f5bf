-- ids that gave way to another when their records turned out to be one customer
select distinct known_id as customer_id, customer_id as main_id
from claim
where known_id <> customer_id
