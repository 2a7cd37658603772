//! How many requests for assignments may be under way, and about what.

use rollcall::operate::{MOST_UNDER_WAY, Request, UnderWay, Wants};

use super::world::*;

fn request(id: usize, account: &str) -> Request {
    let instance = "arn:aws:sso:::instance/ssoins-1".to_owned();
    Request { id: id.to_string(), wants: Wants::Assignment, assignment: assignment(account), instance }
}

#[test]
fn two_requests_are_never_about_one_account() {
    let mut under_way = UnderWay::default();
    under_way.begin(request(1, "111122223333"));
    assert!(!under_way.has_room_for(&assignment("111122223333")));
    assert!(under_way.has_room_for(&assignment("222233334444")));
    under_way.end("1");
    assert!(under_way.has_room_for(&assignment("111122223333")));
}

#[test]
fn ten_requests_are_under_way_and_no_more() {
    let mut under_way = UnderWay::default();
    for number in 0..MOST_UNDER_WAY {
        let account = format!("{:012}", 111_111_111_111 + number);
        assert!(under_way.has_room_for(&assignment(&account)));
        under_way.begin(request(number, &account));
        // Known from the journal as well: it is one.
        under_way.begin(request(number, &account));
    }
    assert_eq!(under_way.requests().len(), 10);
    assert!(!under_way.has_room_for(&assignment("999999999999")));
}
