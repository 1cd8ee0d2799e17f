using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks that each role can do what it must and nothing else. Policies are evaluated, not read.</summary>
public sealed class FunctionPermissionTests(DeployedModule module)
{
    private static readonly string[] Logs = ["logs:CreateLogStream", "logs:PutLogEvents"];

    public static TheoryData<string> Functions => [.. Needs.Of.Keys];

    // Everything that any function needs, and what none may do, is asked for each.
    private static IEnumerable<string> Everything => Needs.Of.Values.SelectMany(needs => needs).Concat(Needs.OfNobody).Distinct();

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_function_may_do_what_it_does_and_nothing_else(string function)
    {
        Stack stack = await StackAsync();
        string[] asked = [.. Everything];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. asked.Select(thing => AskFunction(stack, function, thing))]);

        string[] may = [.. asked.Zip(allowed).Where(pair => pair.Second).Select(pair => pair.First).Order(StringComparer.Ordinal)];
        Assert.Equal(Needs.Of[function].Distinct().Order(StringComparer.Ordinal), may);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_function_writes_its_own_logs_only(string function)
    {
        Stack stack = await StackAsync();
        string[] functions = [.. Needs.Of.Keys];

        foreach (string action in Logs)
        {
            IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. functions.Select(other => stack.Function(function, action, $"log:{other}"))]);

            Assert.Equal([function], functions.Zip(allowed).Where(pair => pair.Second).Select(pair => pair.First));
        }
    }

    // ServerlessCA.Lambda.Tests records it from the running functions.
    [Fact]
    public async Task Every_action_that_the_functions_were_seen_to_use_is_allowed()
    {
        string file = Repository.At("tests", "golden", "aws", "actions.json");
        Stack stack = await StackAsync();
        Question[] seen = [.. JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).EnumerateObject()
            .SelectMany(function => function.Value.EnumerateArray().Select(call => stack.Function(
                function.Name, call.GetProperty("action").GetString()!, call.GetProperty("resource").GetString()!)))];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync(seen);

        Assert.Empty(seen.Zip(allowed).Where(pair => !pair.Second).Select(pair => pair.First.ToString()));
    }

    [Fact]
    public async Task The_state_machine_invokes_the_functions_of_the_pipeline_and_reads_the_list() => await OnlyAsync(
        "state_machine",
        [
            "lambda:InvokeFunction function:create-root-ca", "lambda:InvokeFunction function:root-ca-crl",
            "lambda:InvokeFunction function:create-issuing-ca", "lambda:InvokeFunction function:issuing-ca-crl",
            "lambda:InvokeFunction function:tls-cert", "lambda:InvokeFunction function:expiry",
            "s3:GetObject internal:tls.json", "kms:Decrypt key:s3", "states:StartExecution machine",
            "states:DescribeExecution execution:one", "states:StopExecution execution:one",
        ],
        [
            "lambda:InvokeFunction function:notify", "lambda:InvokeFunction arn:aws:lambda:eu-west-2:123456789012:function:other",
            "s3:GetObject internal:csrs/one.csr", "states:StartExecution arn:aws:states:eu-west-2:123456789012:stateMachine:other",
        ]);

    [Fact]
    public async Task The_schedules_start_this_state_machine_and_the_functions_of_CRLs_only() => await OnlyAsync(
        "scheduler",
        ["states:StartExecution machine", "lambda:InvokeFunction function:root-ca-crl", "lambda:InvokeFunction function:issuing-ca-crl", "sqs:SendMessage dead-letters:schedule"],
        [
            "states:StartExecution arn:aws:states:eu-west-2:123456789012:stateMachine:other",
            "states:StopExecution execution:one", "lambda:InvokeFunction function:create-root-ca",
            "lambda:InvokeFunction function:expiry", "lambda:InvokeFunction function:notify",
            "sqs:SendMessage dead-letters:notifications", "sqs:ReceiveMessage dead-letters:schedule",
        ]);

    [Fact]
    public async Task The_reader_reads_the_table_of_certificates() => await OnlyAsync(
        "reader[0]",
        ["dynamodb:GetItem table", "dynamodb:Query table", "dynamodb:Scan table", "dynamodb:Query table-index:Serials", "dynamodb:Query table-index:Expiries", "dynamodb:Scan table-index:Expiries", "kms:Decrypt key:dynamodb"],
        ["dynamodb:PutItem table", "dynamodb:GetItem index-table", "kms:Sign key:issuing", "kms:Decrypt key:s3"]);

    [Fact]
    public async Task The_reader_reads_one_mark_of_the_index_table_and_nothing_else_of_it()
    {
        Stack stack = await StackAsync();
        string[][] asked = [["mark#expiries"], ["mark#expiry"], ["token#a"], []];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync(
            [.. asked.Select(keys => stack.Other("reader[0]", "dynamodb:GetItem", "index-table", ("dynamodb:LeadingKeys", keys)))]);

        Assert.Equal([true, false, false, false], allowed);
    }

    [Fact]
    public async Task An_administrator_manages_a_CA_key_and_does_not_sign_with_it()
    {
        Stack stack = await StackAsync();
        string[] asked =
        [
            "kms:PutKeyPolicy key:root", "kms:ScheduleKeyDeletion key:issuing", "kms:GetPublicKey key:root",
            "kms:ListGrants key:root", "kms:RevokeGrant key:root", "kms:RevokeGrant key:issuing",
            "kms:Sign key:root", "kms:Sign key:issuing", "kms:CreateGrant key:root",
        ];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. asked.Select(thing => stack.Outsider(Stack.Everything, Action(thing), Resource(thing)))]);

        Assert.Equal([true, true, true, true, true, true, false, false, false], allowed);
    }

    [Fact]
    public async Task The_policy_for_requesters_allows_tls_cert_only()
    {
        Stack stack = await StackAsync();
        string policy = await module.OutputAsync("requester_policy");
        string[] asked = ["lambda:InvokeFunction function:tls-cert", "lambda:InvokeFunction function:expiry", "lambda:UpdateFunctionCode function:tls-cert", "kms:Sign key:issuing", "dynamodb:GetItem table"];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. asked.Select(thing => stack.Outsider(policy, Action(thing), Resource(thing)))]);

        Assert.Equal([true, false, false, false, false], allowed);
    }

    // The other roles may do nothing of what functions do or must not do.
    private async Task OnlyAsync(string role, string[] musts, string[] mustNots)
    {
        Stack stack = await StackAsync();
        string[] asked = [.. musts.Concat(mustNots).Concat(Needs.OfNobody).Distinct()];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. asked.Select(thing => stack.Other(role, Action(thing), Resource(thing)))]);

        Assert.Equal(musts, asked.Zip(allowed).Where(pair => pair.Second).Select(pair => pair.First));
    }

    private static Question AskFunction(Stack stack, string function, string thing) => stack.Function(function, Action(thing), Resource(thing));

    private static string Action(string thing) => thing.Split(' ')[0];

    private static string Resource(string thing) => thing.Split(' ')[1];

    private async Task<Stack> StackAsync()
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
