using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>What a caller may do with a served CA over TLS depends on the level of its token or its client certificate.</summary>
public sealed class ServedRightsTests(ServedRightsTests.TlsCa ca) : IClassFixture<ServedRightsTests.TlsCa>
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    private static readonly Dictionary<string, string[]> Commands = new()
    {
        ["list"] = ["list", "--output", "csv"],
        ["show"] = ["show", "app.example.com"],
        ["get"] = ["get", "app.example.com", "--bundle"],
        ["history"] = ["history", "app.example.com"],
        ["health"] = ["health"],
        ["plan"] = ["plan", Example],
        ["run"] = ["run"],
        ["revoke"] = ["revoke", "victim.example.com", "--reason", "superseded"],
    };

    public static TheoryData<string, string> Readings => new MatrixTheoryData<string, string>(
        ["request token", "request certificate", "operator token", "operator certificate"], ["list", "show", "get", "history", "health", "plan"]);

    public static TheoryData<string, string> Refused => new MatrixTheoryData<string, string>(["request token", "request certificate"], ["run", "revoke"]);

    public static TheoryData<string, string> Operations => new MatrixTheoryData<string, string>(["operator token", "operator certificate"], ["run", "revoke"]);

    public static TheoryData<string, string> Strangers => new MatrixTheoryData<string, string>(["nothing", "wrong token", "other certificate"], Commands.Keys);

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task Who_may_request_reads_and_plans(string credential, string command) => (await ca.RunAsync(credential, Commands[command])).Done();

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Who_may_request_neither_runs_nor_revokes(string credential, string command)
    {
        Result result = await ca.RunAsync(credential, Commands[command]);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("answered 403: This call needs the level 'operate', and the caller has the level 'request'.", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: show a credential of an operator: --token-file, --client-cert", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operators_run_and_revoke(string credential, string command) => (await ca.RunAsync(credential, Commands[command])).Done();

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Nobody_else_gets_anything(string credential, string command)
    {
        Result result = await ca.RunAsync(credential, Commands[command]);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("answered 401: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: give the token (variable SERVERLESS_CA_TOKEN, or --token-file) or a client certificate (--client-cert)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_certificate_is_not_trusted_gets_no_request()
    {
        Result result = await ca.Session.RunRawAsync("list", "--ca", ca.Url, "--token-file", ca.Session.Folder.At("operator-token"));

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("cannot be reached: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("name the CA that signed the server's certificate: --ca-file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_names_the_TLS_and_the_certificate_of_the_server()
    {
        string[] lines = (await ca.RunAsync("request token", "health")).Done().Output.Split('\n');

        string tls = Assert.Single(lines, line => line.Contains(" TLS ", StringComparison.Ordinal));
        Assert.Matches(@"^good +TLS +TLS 1\.3, TLS_[A-Z0-9_]+; the server's certificate, 'CN=localhost', is good until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", tls);
    }

    /// <summary>A CA that is served over TLS with its own certificate.</summary>
    public sealed class TlsCa : IAsyncLifetime
    {
        private BackgroundCommand? served;

        public Session Session { get; } = new();

        public string Url => served!.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        public async ValueTask InitializeAsync()
        {
            Session.Folder.Write("operator-token", "operators-have-this-token-of-the-tests\n");
            Session.Folder.Write("request-token", "requesters-have-this-token-of-the-tests\n");
            Session.Folder.Write("wrong-token", "nobody-at-all-has-this-token-of-the-tests\n");
            (await Session.RunAsync("run")).Done();
            foreach (string name in (string[])["app", "op", "other", "victim"])
            {
                (await Session.RunAsync("request", "--common-name", $"{name}.example.com", "--out", Session.Folder.At(name))).Done();
            }

            Session.Folder.Write("roots.pem", (await Session.RunAsync("chain")).Done().Output);
            served = await BackgroundCommand.ServeAsync(
                Session, "--tls-name", "localhost", "--token-file", Session.Folder.At("operator-token"), "--request-token-file", Session.Folder.At("request-token"),
                "--allow-client", "app.example.com", "--allow-client", "op.example.com=operate");
        }

        public async ValueTask DisposeAsync()
        {
            if (served is not null)
            {
                await served.DisposeAsync();
            }

            Session.Dispose();
        }

        /// <summary>Runs a command on the served CA with a credential.</summary>
        public Task<Result> RunAsync(string credential, params string[] command)
        {
            string[] options = credential switch
            {
                "request token" => ["--token-file", Session.Folder.At("request-token")],
                "operator token" => ["--token-file", Session.Folder.At("operator-token")],
                "wrong token" => ["--token-file", Session.Folder.At("wrong-token")],
                "request certificate" => ["--client-cert", Session.Folder.At("app", "client-cert-combined.pem")],
                "operator certificate" => ["--client-cert", Session.Folder.At("op", "client-cert-combined.pem")],
                "other certificate" => ["--client-cert", Session.Folder.At("other", "client-cert-combined.pem")],
                _ => [],
            };
            return Session.RunRawAsync([.. command, "--ca", Url, "--ca-file", Session.Folder.At("roots.pem"), .. options]);
        }
    }
}
