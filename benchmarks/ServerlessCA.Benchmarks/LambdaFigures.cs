using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Benchmarks.Load;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.Gateway;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Benchmarks;

/// <summary>What was measured of one build of the functions. Immutable.</summary>
internal sealed record LambdaFigures
{
    private const int WarmIssues = 200;

    private static int requests;

    // Many times what the function needs between two calls that do not wait for each other.
    private static readonly TimeSpan SlowAws = TimeSpan.FromMilliseconds(250);

    public required TimeSpan Ready { get; init; }

    public required TimeSpan FirstAnswer { get; init; }

    public required TimeSpan FirstAnswerAlone { get; init; }

    /// <summary>Processor time of all threads: does not depend on what else the machine does.</summary>
    public required TimeSpan ReadyWork { get; init; }

    /// <summary>The same.</summary>
    public required TimeSpan FirstAnswerWork { get; init; }

    public required TimeSpan WarmAnswer { get; init; }

    /// <summary>Processor time of one warm answer, the mean of all.</summary>
    public required TimeSpan WarmWork { get; init; }

    public required long FirstPeak { get; init; }

    public required long LatePeak { get; init; }

    public required int ColdChain { get; init; }

    public required int WarmChain { get; init; }

    public static async Task<LambdaFigures> OfAsync(EmulatedAws aws, string program, int runs)
    {
        await using EmulatedDeployment deployment = await EmulatedDeployment.CreateAsync(aws, program);
        await deployment.InvokeAsync("create-root-ca");
        await deployment.InvokeAsync("create-issuing-ca");
        FunctionSetup setup = deployment.Setup("tls-cert");
        List<TimeSpan> ready = [], readyWork = [], first = [], firstWork = [], alone = [];
        List<long> peaks = [];
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            await using LambdaFunction function = await LambdaFunction.StartAsync(setup, () => start = Stopwatch.GetTimestamp());
            await function.Ready;
            ready.Add(Stopwatch.GetElapsedTime(start));
            readyWork.Add(Work(function.ProcessId));
        }

        for (int run = 0; run < runs; run++)
        {
            byte[] request = Request();
            deployment.Gateway.Clear();
            long start = 0;
            await using LambdaFunction function = await LambdaFunction.StartAsync(setup, () => start = Stopwatch.GetTimestamp());
            Check(await function.InvokeAsync(request));
            first.Add(Stopwatch.GetElapsedTime(start));
            firstWork.Add(Work(function.ProcessId));
            alone.Add(first[^1] - Waited(deployment.Gateway.Calls));
            peaks.Add(Peak(function.ProcessId));
        }

        (int coldChain, int warmChain) = await ChainsAsync(deployment, setup);
        (TimeSpan warm, TimeSpan warmWork, long latePeak) = await WarmAsync(setup);
        return new LambdaFigures
        {
            Ready = Median(ready), ReadyWork = Median(readyWork), FirstAnswerWork = Median(firstWork), FirstAnswer = Median(first), FirstAnswerAlone = Median(alone), WarmAnswer = warm, WarmWork = warmWork,
            FirstPeak = Median(peaks), LatePeak = latePeak, ColdChain = coldChain, WarmChain = warmChain,
        };
    }

    private static async Task<(int Cold, int Warm)> ChainsAsync(EmulatedDeployment deployment, FunctionSetup setup)
    {
        await using LambdaFunction function = await LambdaFunction.StartAsync(setup);
        await function.Ready;
        deployment.Gateway.Latency = SlowAws;
        int[] chains = new int[2];
        for (int issue = 0; issue < chains.Length; issue++)
        {
            deployment.Gateway.Clear();
            Check(await function.InvokeAsync(Request()));
            chains[issue] = AwsCall.LongestChain(deployment.Gateway.Calls);
        }

        deployment.Gateway.Latency = TimeSpan.Zero;
        return (chains[0], chains[1]);
    }

    private static async Task<(TimeSpan Answer, TimeSpan Work, long Peak)> WarmAsync(FunctionSetup setup)
    {
        await using LambdaFunction function = await LambdaFunction.StartAsync(setup);
        Check(await function.InvokeAsync(Request())); // cold
        TimeSpan before = Work(function.ProcessId);
        List<TimeSpan> answers = [];
        for (int issue = 0; issue < WarmIssues; issue++)
        {
            byte[] request = Request();
            long start = Stopwatch.GetTimestamp();
            Check(await function.InvokeAsync(request));
            answers.Add(Stopwatch.GetElapsedTime(start));
        }

        return (Median(answers), (Work(function.ProcessId) - before) / WarmIssues, Peak(function.ProcessId));
    }

    // Time in which at least one call was under way.
    private static TimeSpan Waited(IReadOnlyList<AwsCall> calls)
    {
        TimeSpan waited = TimeSpan.Zero;
        long until = 0;
        foreach (AwsCall call in calls.OrderBy(call => call.Begun))
        {
            long from = Math.Max(call.Begun, until);
            if (call.Ended > from)
            {
                waited += Stopwatch.GetElapsedTime(from, call.Ended);
                until = call.Ended;
            }
        }

        return waited;
    }

    private static long Peak(int process) => new ProcessMeter(process).Peak;

    // The first number of schedstat: nanoseconds on a processor (proc(5)).
    private static TimeSpan Work(int process) => TimeSpan.FromMicroseconds(
        Directory.GetDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task")
            .Sum(thread => long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture)) / 1000.0);

    private static T Median<T>(List<T> values) => values.Order().ElementAt(values.Count / 2);

    private static void Check(FunctionAnswer answer)
    {
        if (answer.IsError || answer.Json?["CertificateInfo"] is null)
        {
            throw new InvalidOperationException(answer.Text);
        }
    }

    // A name of its own each: an issue reads the rows of its name.
    private static byte[] Request()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"host{Interlocked.Increment(ref requests)}.example.com");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var request = new JsonObject
        {
            ["common_name"] = name, ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)),
        };
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }
}
