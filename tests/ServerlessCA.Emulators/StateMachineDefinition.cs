using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace ServerlessCA.Emulators;

/// <summary>Renders the state machine of <c>terraform/state-machine.asl.json.tftpl</c> by Terraform itself, and runs it by an
/// interpreter (<c>tests/emulators/state-machine.mjs</c>).</summary>
public sealed class StateMachineDefinition
{
    private static readonly string[] Functions =
        ["create-root-ca", "create-issuing-ca", "root-ca-crl", "issuing-ca-crl", "tls-cert", "expiry"];

    // Terraform takes a second for each: a process renders every definition once.
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Printed = new(StringComparer.Ordinal);

    private StateMachineDefinition(string json) => Json = json;

    /// <summary>The rendered definition.</summary>
    public string Json { get; }

    /// <summary>Skips the running test, with the reason, if Terraform or the interpreter is missing.</summary>
    public static void SkipUnlessRunnable()
    {
        NodeProgram.SkipUnlessInstalled();
        ForeignProgram.SkipUnlessInstalled("terraform");
    }

    /// <summary>The number of entries at once that the module has by default (<c>max_concurrency</c>).</summary>
    public const int DefaultMaxConcurrency = 40;

    /// <summary>Renders the definition as the module does, with the functions' names
    /// <c>{project}-{function}-{environment}</c>.</summary>
    public static async Task<StateMachineDefinition> RenderAsync(
        bool gitops, bool expiry, string project, string environment, CancellationToken cancellation, int maxConcurrency = DefaultMaxConcurrency)
    {
        string template = Repository.At("terraform", "state-machine.asl.json.tftpl");
        var arns = Functions.ToDictionary(
            function => function, function => $"arn:aws:lambda:eu-west-2:123456789012:function:{project}-{function}-{environment}");
        string values = JsonSerializer.Serialize(
            new { partition = "aws", internal_bucket = "internal", max_concurrency = maxConcurrency, gitops, expiry, functions = arns });
        string expression = $"base64encode(templatefile({JsonSerializer.Serialize(template)}, {values}))";
        string printed = await Printed.GetOrAdd(expression, asked => new(() => ConsoleAsync(asked, CancellationToken.None))).Value.WaitAsync(cancellation);
        return new(Encoding.UTF8.GetString(Convert.FromBase64String(printed.Trim().Trim('"'))));
    }

    /// <summary>Runs the state machine.</summary>
    /// <param name="tlsJson">The path of the file that the map reads; null or a missing file: there is none.</param>
    /// <param name="lambda">The address of the Lambda API.</param>
    /// <param name="cancellation">Ends the run.</param>
    public async Task<StateMachineEnd> RunAsync(string? tlsJson, Uri lambda, CancellationToken cancellation)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Json, cancellation);
            var variables = new Dictionary<string, string> { ["LAMBDA_URL"] = lambda.ToString(), ["RETRY_MS"] = "1" };
            string[] options = tlsJson is null ? [file] : [file, tlsJson];
            string line = await NodeScript.RunAsync("state-machine.mjs", variables, options, cancellation);
            return JsonSerializer.Deserialize<StateMachineEnd>(line, JsonSerializerOptions.Web)!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    // The console runs in an empty folder, where it needs no provider and no initialised module.
    private static async Task<string> ConsoleAsync(string expression, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("console-");
        try
        {
            Run run = await Run.UntilAsync("terraform", folder.FullName, ["console"], $"{expression}\n", cancellation: cancellation);
            return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException(run.Errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>Says how an execution of the state machine ended.</summary>
/// <param name="Status"><c>SUCCEEDED</c> or <c>FAILED</c>.</param>
/// <param name="Error">The error of a failed execution; null for none.</param>
/// <param name="Cause">The cause of that error; null for none.</param>
/// <param name="Results">The result of each entry of <c>tls.json</c>, in its order.</param>
public sealed record StateMachineEnd(string Status, string? Error, string? Cause, IReadOnlyList<JsonElement> Results)
{
    /// <summary>The attempts of the tasks of the machine itself.</summary>
    public IReadOnlyList<StateMachineAttempt> Attempts { get; init; } = [];

    /// <summary>Whether every step succeeded.</summary>
    public bool Succeeded => Status == "SUCCEEDED";
}

/// <summary>Describes an attempt of a task of the state machine.</summary>
/// <param name="State">The name of the state.</param>
/// <param name="Map">Whether it is the distributed map.</param>
/// <param name="Error">The error that it failed with; null when it succeeded.</param>
/// <param name="Cause">The cause of that error; null for none.</param>
public sealed record StateMachineAttempt(string State, bool Map, string? Error, string? Cause);
