//! The known ways to become an administrator.
//!
//! Source: AWS's own list of actions that manage permissions (Service Authorization Reference, IAM), and Rhino
//! Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation" (2018, and its later additions). Left out is
//! what works only through something that happens to be there (`lambda:UpdateFunctionCode` of a function whose role
//! may do more, `ssm:SendCommand` to a machine of that sort): a policy alone does not show it, and every developer has
//! it.

/// A way: all that it needs.
pub(super) struct Way(pub(super) &'static [Need]);

/// An action that a way needs.
pub(super) struct Need {
    pub(super) action: &'static str,
    pub(super) over: Over,
}

/// What the action must be allowed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Any resource of this type (`user`); a policy that names some, by name or by a part of it, may or may not reach
    /// an administrator. Being allowed it on oneself alone gains nothing.
    All(&'static str),
    /// The same, but oneself is enough: whoever may attach a policy to their own user is an administrator.
    AllOrOneself(&'static str),
    /// Anything: one that the holder makes is enough.
    Something,
    /// Every resource, and the service must be named: what it gains depends on the account (only the one that manages
    /// Identity Center can assign accounts; a role must trust before it can be assumed), so "everything but IAM",
    /// which is how AWS's `PowerUserAccess` is written, does not count.
    EverythingByName,
}

const fn on(resource: &'static str, action: &'static str) -> Need {
    Need { action, over: Over::All(resource) }
}

const fn on_oneself_too(resource: &'static str, action: &'static str) -> Need {
    Need { action, over: Over::AllOrOneself(resource) }
}

const fn and(action: &'static str) -> Need {
    Need { action, over: Over::Something }
}

const fn by_name(action: &'static str) -> Need {
    Need { action, over: Over::EverythingByName }
}

const PASS_ROLE: Need = on("role", "iam:PassRole");

pub(super) const WAYS: &[Way] = &[
    // Give oneself another policy, or change one that one has.
    Way(&[on("policy", "iam:CreatePolicyVersion")]),
    Way(&[on("policy", "iam:SetDefaultPolicyVersion")]),
    Way(&[on_oneself_too("user", "iam:AttachUserPolicy")]),
    Way(&[on("group", "iam:AttachGroupPolicy")]),
    Way(&[on("role", "iam:AttachRolePolicy")]),
    Way(&[on_oneself_too("user", "iam:PutUserPolicy")]),
    Way(&[on("group", "iam:PutGroupPolicy")]),
    Way(&[on("role", "iam:PutRolePolicy")]),
    Way(&[on("group", "iam:AddUserToGroup")]),
    // Become somebody else.
    Way(&[on("user", "iam:CreateAccessKey")]),
    Way(&[on("user", "iam:CreateLoginProfile")]),
    Way(&[on("user", "iam:UpdateLoginProfile")]),
    Way(&[on("role", "iam:UpdateAssumeRolePolicy")]),
    Way(&[on("saml-provider", "iam:UpdateSAMLProvider")]),
    Way(&[by_name("sts:AssumeRole")]),
    // Let a service act with a role that may do more.
    Way(&[PASS_ROLE, and("ec2:RunInstances")]),
    Way(&[PASS_ROLE, and("lambda:CreateFunction"), and("lambda:InvokeFunction")]),
    Way(&[PASS_ROLE, and("lambda:CreateFunction"), and("lambda:CreateEventSourceMapping")]),
    Way(&[PASS_ROLE, and("cloudformation:CreateStack")]),
    Way(&[PASS_ROLE, and("glue:CreateDevEndpoint")]),
    Way(&[PASS_ROLE, and("glue:CreateJob"), and("glue:StartJobRun")]),
    Way(&[PASS_ROLE, and("codebuild:CreateProject"), and("codebuild:StartBuild")]),
    Way(&[PASS_ROLE, and("ecs:RegisterTaskDefinition"), and("ecs:RunTask")]),
    Way(&[PASS_ROLE, and("sagemaker:CreateNotebookInstance"), and("sagemaker:CreatePresignedNotebookInstanceUrl")]),
    Way(&[PASS_ROLE, and("states:CreateStateMachine"), and("states:StartExecution")]),
    Way(&[PASS_ROLE, and("datapipeline:CreatePipeline"), and("datapipeline:PutPipelineDefinition")]),
    // Assign accounts in Identity Center, or change what is assigned.
    Way(&[by_name("sso:CreateAccountAssignment")]),
    Way(&[by_name("sso:AttachManagedPolicyToPermissionSet")]),
    Way(&[by_name("sso:PutInlinePolicyToPermissionSet")]),
    Way(&[by_name("identitystore:CreateGroupMembership")]),
    Way(&[by_name("sso-directory:AddMemberToGroup")]),
    // Take away the limits that the organization sets. To register a delegated administrator is no way: what the
    // service then may do is the service's, and policies of security services allow it.
    Way(&[by_name("organizations:DetachPolicy")]),
];
