//! Which events lead to one look.

use rollcall::events::{Event, read, settle};

use super::samples::{sample, samples};

fn all() -> Vec<Event> {
    samples().iter().map(|name| read(&sample(name)).unwrap()).collect()
}

#[test]
fn events_of_one_principal_are_one_look_whatever_their_order_and_number() {
    let heard = settle(all());
    let mut twice = [all(), all()].concat();
    twice.reverse();
    assert_eq!(settle(twice), heard);
    let names: Vec<(&str, usize)> = heard.looks.iter().map(|look| (look.watched.name(), look.events.len())).collect();
    let (user, group) = ("a1b2c3d4-5678-90ab-cdef-EXAMPLE11111", "a1b2c3d4-5678-90ab-cdef-EXAMPLE22222");
    assert_eq!(names, [("build-7", 4), (user, 2), (group, 2)]);
    assert_eq!(heard.looks[0].events[0].operation, "CreateUser");
    // The assignment of the group is looked at with it.
    assert_eq!(heard.looks[2].also.len(), 1);
    let others: Vec<&str> = heard.others.iter().map(|event| event.operation.as_str()).collect();
    assert_eq!(others, ["CreateUser", "CreateRole"]);
}
