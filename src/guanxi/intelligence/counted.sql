-- the landed rows of some deliveries; a file may hold rows of others
select landed.*
from landed
inner join delivery on delivery.delivery_id = landed.delivery_id
