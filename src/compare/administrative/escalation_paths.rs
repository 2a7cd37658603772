//! The known ways to become an administrator.
//!
//! Source: AWS's own list of actions that manage permissions (Service Authorization Reference, IAM), and Rhino
//! Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation" (2018, and its later additions); NCC Group,
//! Principal Mapper; Datadog, pathfinding.cloud. What is not here is judged by rules that know no list:
//! [`passing`](super::pass_role) and [`managing`](super::access_services).

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
    /// Identity Center can assign accounts; a role must trust before it can be assumed), so of "everything but IAM"
    /// nobody can say in general what it gains.
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

pub(super) const PASS_ROLE: Need = on("role", "iam:PassRole");

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
    Way(&[PASS_ROLE, and("ec2:RequestSpotInstances")]),
    Way(&[PASS_ROLE, and("lambda:CreateFunction"), and("lambda:InvokeFunction")]),
    Way(&[PASS_ROLE, and("lambda:CreateFunction"), and("lambda:CreateEventSourceMapping")]),
    Way(&[PASS_ROLE, and("cloudformation:CreateStack")]),
    Way(&[PASS_ROLE, and("glue:CreateDevEndpoint")]),
    Way(&[PASS_ROLE, and("glue:CreateJob"), and("glue:StartJobRun")]),
    Way(&[PASS_ROLE, and("codebuild:CreateProject"), and("codebuild:StartBuild")]),
    Way(&[PASS_ROLE, and("codebuild:CreateProject"), and("codebuild:StartBuildBatch")]),
    Way(&[PASS_ROLE, and("ecs:RegisterTaskDefinition"), and("ecs:RunTask")]),
    Way(&[PASS_ROLE, and("ecs:RegisterTaskDefinition"), and("ecs:StartTask")]),
    Way(&[PASS_ROLE, and("ecs:RegisterTaskDefinition"), and("ecs:CreateService")]),
    Way(&[PASS_ROLE, and("apprunner:CreateService")]),
    Way(&[PASS_ROLE, and("scheduler:CreateSchedule")]),
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

/// What works through something that is there already and may act with a role that may do more: a function, a machine,
/// a build, a stack. A policy alone does not show whether there is such a thing, so of whoever holds one of these
/// nobody can say that they are no administrator. Sources as above, and HackTricks Cloud.
pub(super) const PERHAPS: &[Way] = &[
    Way(&[by_name("airflow:CreateCliToken")]),
    Way(&[by_name("airflow:CreateWebLoginToken")]),
    Way(&[by_name("airflow:UpdateEnvironment")]),
    Way(&[by_name("amplify:StartJob")]),
    Way(&[by_name("amplify:UpdateApp")]),
    Way(&[by_name("apprunner:UpdateService")]),
    Way(&[by_name("batch:SubmitJob")]),
    Way(&[
        by_name("bedrock-agentcore:StartCodeInterpreterSession"),
        by_name("bedrock-agentcore:InvokeCodeInterpreter"),
    ]),
    Way(&[by_name("cloud9:CreateEnvironmentMembership")]),
    Way(&[by_name("cloudformation:CreateChangeSet"), by_name("cloudformation:ExecuteChangeSet")]),
    Way(&[by_name("cloudformation:CreateStackInstances")]),
    Way(&[by_name("cloudformation:UpdateStack")]),
    Way(&[by_name("cloudformation:UpdateStackSet")]),
    Way(&[by_name("codebuild:StartBuild")]),
    Way(&[by_name("codebuild:StartBuildBatch")]),
    Way(&[by_name("codebuild:StartSandbox"), by_name("codebuild:StartCommandExecution")]),
    Way(&[by_name("codebuild:UpdateProject")]),
    Way(&[by_name("codedeploy:CreateDeployment")]),
    Way(&[by_name("cognito-identity:SetIdentityPoolRoles")]),
    Way(&[by_name("cognito-identity:UpdateIdentityPool")]),
    Way(&[by_name("config:PutRemediationConfigurations")]),
    Way(&[by_name("config:StartRemediationExecution")]),
    Way(&[by_name("deadline:AssumeQueueRoleForUser")]),
    Way(&[by_name("ds:ResetUserPassword")]),
    Way(&[by_name("ec2-instance-connect:SendSSHPublicKey")]),
    Way(&[by_name("ec2-instance-connect:SendSerialConsoleSSHPublicKey")]),
    Way(&[by_name("ec2:CreateLaunchTemplateVersion")]),
    Way(&[by_name("ec2:CreateReplaceRootVolumeTask")]),
    Way(&[by_name("ec2:ModifyInstanceAttribute"), by_name("ec2:StartInstances")]),
    Way(&[by_name("ecs:ExecuteCommand")]),
    Way(&[by_name("ecs:RunTask")]),
    Way(&[by_name("ecs:StartTask")]),
    Way(&[by_name("eks:AssociateAccessPolicy")]),
    Way(&[by_name("eks:CreateAccessEntry")]),
    Way(&[by_name("elasticbeanstalk:CreateApplicationVersion")]),
    Way(&[by_name("elasticbeanstalk:UpdateEnvironment")]),
    Way(&[by_name("elasticmapreduce:AddJobFlowSteps")]),
    Way(&[by_name("emr-containers:StartJobRun")]),
    Way(&[by_name("glue:RunStatement")]),
    Way(&[by_name("glue:StartJobRun")]),
    Way(&[by_name("glue:UpdateDevEndpoint")]),
    Way(&[by_name("glue:UpdateJob")]),
    Way(&[by_name("imagebuilder:StartImagePipelineExecution")]),
    Way(&[by_name("iot:AssumeRoleWithCertificate")]),
    Way(&[by_name("iot:UpdateRoleAlias")]),
    Way(&[by_name("kinesisanalytics:UpdateApplication")]),
    Way(&[by_name("lambda:UpdateFunctionCode")]),
    Way(&[by_name("lambda:UpdateFunctionConfiguration")]),
    Way(&[by_name("sagemaker:CreateNotebookInstanceLifecycleConfig"), by_name("sagemaker:UpdateNotebookInstance")]),
    Way(&[by_name("sagemaker:CreatePresignedDomainUrl")]),
    Way(&[by_name("sagemaker:CreatePresignedNotebookInstanceUrl")]),
    Way(&[by_name("sagemaker:StartSession")]),
    Way(&[by_name("sagemaker:UpdateNotebookInstanceLifecycleConfig")]),
    Way(&[by_name("servicecatalog:ProvisionProduct")]),
    Way(&[by_name("servicecatalog:UpdateProvisionedProduct")]),
    Way(&[by_name("ssm:CreateAssociation")]),
    Way(&[by_name("ssm:SendCommand")]),
    Way(&[by_name("ssm:StartAutomationExecution")]),
    Way(&[by_name("ssm:StartSession")]),
    Way(&[by_name("ssm:UpdateAssociation")]),
    Way(&[by_name("ssm:UpdateDocument")]),
    Way(&[by_name("states:UpdateStateMachine")]),
    Way(&[by_name("synthetics:UpdateCanary")]),
];
