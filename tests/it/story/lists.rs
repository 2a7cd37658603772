//! The expected half, as files: an Active Directory export by PowerShell, and the lists that are kept by hand.

use super::{Principal, Story, guid, sign_in_name};

/// Who reviewed every row of the lists that are kept by hand.
pub(super) const REVIEWER: &str = "ciso";

impl Story {
    /// The files of the folder of expected lists: name and contents.
    pub fn expected_files(&self) -> Vec<(String, String)> {
        let mut files = vec![
            ("directory/users-2026-11-19.csv".to_owned(), self.directory_users()),
            ("directory/members-2026-11-19.csv".to_owned(), self.directory_members()),
        ];
        if !self.directory.groups.is_empty() {
            files.push(("directory/groups-2026-11-19.csv".to_owned(), self.directory_groups()));
        }
        files.extend(self.assignments_csv().map(|text| ("assignments.csv".to_owned(), text)));
        files.extend(self.applications_csv().map(|text| ("applications.csv".to_owned(), text)));
        files.extend(self.entitlements_csv().map(|text| ("entitlements.csv".to_owned(), text)));
        files.extend(self.permission_sets_csv().map(|text| ("permission-sets.csv".to_owned(), text)));
        files.extend(self.iam_users_csv().map(|text| ("iam-users.csv".to_owned(), text)));
        files.extend(self.trusts_csv().map(|text| ("trusts.csv".to_owned(), text)));
        if !self.lists.waivers.is_empty() {
            files.push(("waivers.toml".to_owned(), self.lists.waivers.join("\n")));
        }
        files
    }

    /// `Get-ADUser -Filter * | Export-Csv`, with its default columns.
    fn directory_users(&self) -> String {
        let mut text = "\"DistinguishedName\",\"Enabled\",\"GivenName\",\"Name\",\"ObjectClass\",\"ObjectGUID\",\
                        \"SamAccountName\",\"SID\",\"Surname\",\"UserPrincipalName\"\r\n"
            .to_owned();
        for (number, (sam, person)) in self.directory.people.iter().enumerate() {
            let name = format!("{} {}", person.given, person.surname);
            text += &row(&[
                &format!("CN={name},OU=Staff,DC=corp,DC=example,DC=com"),
                if person.enabled { "True" } else { "False" },
                &person.given,
                &name,
                "user",
                &guid("person", sam),
                sam,
                &format!("S-1-5-21-1111111111-2222222222-3333333333-{}", 1100 + number),
                &person.surname,
                &sign_in_name(sam),
            ]);
        }
        text
    }

    /// `Get-ADGroup | Export-Csv`: which groups there are, without their members.
    fn directory_groups(&self) -> String {
        let mut text = "\"GroupCategory\",\"GroupScope\",\"Name\",\"ObjectClass\",\"SamAccountName\"\r\n".to_owned();
        for group in self.directory.groups.keys() {
            text += &row(&["Security", "Global", group, "group", group]);
        }
        text
    }

    /// Members of all groups, one a row, as scripts around `Get-ADGroupMember` write them.
    fn directory_members(&self) -> String {
        let mut text = "\"Group\",\"SamAccountName\",\"Name\",\"ObjectClass\"\r\n".to_owned();
        for (group, members) in &self.directory.groups {
            for sam in &members.people {
                let person = &self.directory.people[sam];
                text += &row(&[group, sam, &format!("{} {}", person.given, person.surname), "user"]);
            }
            for inner in &members.groups {
                text += &row(&[group, inner, inner, "group"]);
            }
            // A row that names only the group says that nobody is in it.
            if members.people.is_empty() && members.groups.is_empty() {
                text += &row(&[group, "", "", ""]);
            }
        }
        text
    }

    fn assignments_csv(&self) -> Option<String> {
        let mut text = "principal_type,principal,account,permission_set,reviewed_by\n".to_owned();
        for row in self.lists.assignments.as_ref()? {
            let (kind, name) = match &row.principal {
                Principal::Group(name) => ("group", name.clone()),
                Principal::User(name) => ("user", sign_in_name(name)),
            };
            text += &format!("{kind},{name},{},{},{REVIEWER}\n", self.account_id(&row.account), row.permission_set);
        }
        Some(text)
    }

    fn permission_sets_csv(&self) -> Option<String> {
        let mut text = "name,administrative,digest,reviewed_by\n".to_owned();
        for (name, (administrative, digest)) in self.lists.permission_sets.as_ref()? {
            text += &format!("{name},{},{digest},{REVIEWER}\n", if *administrative { "yes" } else { "no" });
        }
        Some(text)
    }

    fn iam_users_csv(&self) -> Option<String> {
        let rows = self.lists.iam_users.as_ref()?;
        let approved = rows.values().any(|row| !(row.administrative.is_empty() && row.digest.is_empty()));
        let mut text = format!(
            "account,user,policies,owner{},reviewed_by\n",
            if approved { ",administrative,digest" } else { "" }
        );
        for ((account, name), row) in rows {
            let approval = if approved { format!(",{},{}", row.administrative, row.digest) } else { String::new() };
            let policies = row.policies.join(";");
            text += &format!("{},{name},{policies},{}{approval},{REVIEWER}\n", self.account_id(account), row.owner);
        }
        Some(text)
    }

    fn trusts_csv(&self) -> Option<String> {
        let rows = self.lists.trusts.as_ref()?;
        let with_conditions = rows.iter().any(|(_, _, _, conditions)| !conditions.is_empty());
        let mut text =
            format!("account,role,trusted,owner{},reviewed_by\n", if with_conditions { ",conditions" } else { "" });
        for (account, role, trusted, conditions) in rows {
            let conditions = if with_conditions { format!(",{conditions}") } else { String::new() };
            text += &format!("{},{role},{trusted},{conditions},{REVIEWER}\n", self.account_id(account));
        }
        Some(text)
    }

    /// The id of an account that a list names: a key of the story, or the id of an account that does not exist.
    pub(super) fn account_id<'a>(&'a self, key: &'a str) -> &'a str {
        self.aws.accounts.get(key).map_or(key, |account| &account.id)
    }
}

fn row(cells: &[&str]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    quoted.join(",") + "\r\n"
}
