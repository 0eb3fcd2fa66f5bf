-- the best known values of every customer: of those no source delivers, what people typed in
select * from golden
union all
select typed.*
from typed
left join golden on golden.customer_id = typed.customer_id
where golden.customer_id is null
