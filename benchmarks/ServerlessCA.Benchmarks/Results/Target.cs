namespace ServerlessCA.Benchmarks.Results;

/// <summary>What a figure is to reach. Immutable.</summary>
/// <param name="Text">What is measured.</param>
/// <param name="Figure">Name of the figure.</param>
/// <param name="Limit">It may be as much.</param>
/// <param name="AtLeast">It has to be as much.</param>
internal sealed record Target(string Text, string Figure, double Limit, bool AtLeast = false)
{
    /// <summary>The cryptography of an issue (P-256), in milliseconds of the processor, on the machine where the limits were set.</summary>
    public const double FloorOfLimits = 0.28;

    /// <summary>Says whether it is a time, which depends on the machine's speed at the moment.</summary>
    public bool IsTime { get; init; }

    /// <summary>Why it is missed, and what to try next, for whoever reads that it is; null where that is not known.</summary>
    public string? Missed { get; init; }

    public static IReadOnlyList<Target> All { get; } =
    [
        new("issue in memory, P-256: times its floor", "floor.P-256.ratio", 1.5),
        new("issue in memory, P-256: kB allocated", "floor.P-256.kilobytes", 40),
        new("`serve`, native, 8 clients: rate, times step-ca's", "peers.native.rate", 2, AtLeast: true)
        {
            Missed = "Both are bound by the processor, of which the client has its part: see the next line.",
        },
        new("`serve`, native, 8 clients: processor time for each, times step-ca's", "peers.native.work", 0.6)
        {
            Missed = "A profile with 8 clients has a third in the kernel, a quarter in OpenSSL and the rest in TLS, HTTP, SQLite and the issue. Most of the kernel's part is the ledger: with the same tables and SQLite alone a certificate takes 40 writes and 0.67 ms when it has a commit of its own, and 23 writes and 0.32 ms when four share one; with 8 clients two or three do. An index less saves 1.4 of these writes, and rarer checkpoints 2; neither was seen in the processor time. To import the key of the CSR alone takes 0.1 ms, as the platform multiplies a point to check it, and Go does not. A group that waits 2 ms for the callers that were just answered takes the same processor time with 8 clients, 7 % less with 32 and 28 % more with 2, who then get a quarter fewer certificates: it was dropped. Next: read the rows of both CAs in one query.",
        },
        new("`serve`, native, 8 clients: memory, times step-ca's", "peers.native.memory", 0.6),
        new("`serve`, JIT, 8 clients: rate, times step-ca's", "peers.jit.rate", 2, AtLeast: true)
        {
            Missed = "As for the native program.",
        },
        new("`serve`, JIT, 8 clients: processor time for each, times step-ca's", "peers.jit.work", 0.6)
        {
            Missed = "As for the native program.",
        },
        new("first run of the larger list, native: ms of CPU an entry", "gitops.many.native.first.milliseconds", 1.2) { IsTime = true },
        new("first run of the larger list, JIT: ms of CPU an entry", "gitops.many.JIT.first.milliseconds", 1.2) { IsTime = true },
        new("second run of the larger list, native: CPU s", "gitops.many.native.second.seconds", 2) { IsTime = true },
        new("second run of the larger list, JIT: CPU s", "gitops.many.JIT.second.seconds", 2) { IsTime = true },
        new("first run, native: peak memory, times that of a tenth of the entries", "gitops.growth.native.first", 1.25)
        {
            Missed = "The text of the list, the places of its elements and a result for each entry are held until the end, and the step that reminds of expiry reads the list once more: 11 MB for 10,000 entries. That is half of it: where the heap may have 16 MB at most (`DOTNET_GCHeapHardLimit`), the second run of the larger list passes and takes 60 MB, that of the smaller one 51. The rest is what the garbage collector does not collect yet; smaller regions and `GCConserveMemory` changed nothing, and a smaller budget of young objects takes 15 MB from both runs. Next: let the step that reminds use the list that the run has read, results that are written as they come, and a serial number in 24 bytes instead of a text.",
        },
        new("second run, native: peak memory, times that of a tenth of the entries", "gitops.growth.native.second", 1.25)
        {
            Missed = "As for the first run.",
        },
        new("functions: start to ready, ms", "lambda.ready", 9)
        {
            IsTime = true,
            Missed = "A profile has 29 % in unpacking the tables of types, which the native compiler packs (half of it page faults, as 4 MB are written), 21 % in loading OpenSSL, 8 % in the clients of AWS, 8 % in settings, composition and the first line of the log, and the rest in the kernel and the runtime. Unpacked tables would make the zip larger; OpenSSL on a thread of its own took 0.3 MB more. Next: fewer types (see the zip).",
        },
        new("functions: start to first answer without waiting for AWS, ms", "lambda.first", 20)
        {
            IsTime = true,
            Missed = "A profile has 18 % in the first calls of interfaces and generic types, 15 % in exceptions of the SDK (these are gone), 12 % in unpacking the tables of types, 11 % in new pages of the heap, 8 % in OpenSSL, 7 % in the SDK's own code and 5 % in static fields. Next: as for the start.",
        },
        new("functions: processor time of a warm answer, ms", "lambda.warm", 1)
        {
            IsTime = true,
            Missed = "A profile had 27 % in the SDK (its chain of handlers, endpoints, signatures, JSON), 16 % in HTTP and sockets, 13 % in OpenSSL (key and signature of the CSR, signature of the certificate), 12 % in exceptions that the SDK throws where `tls.json` is missing or unchanged, 10 % in our own code, 9 % in idle threads that look for work, 3 % in the collector, and the rest in tasks and the kernel. The exceptions and the idle threads are gone. Next: the ledger's calls through our own signed calls, which halve what is left of the SDK.",
        },
        new("functions: peak memory of the first answer, MB", "lambda.memory", 28)
        {
            Missed = "Of 28 MB, 13 are the pages of the program that are used, 4 the unpacked tables of types, 4 OpenSSL, and 3 the heap; a smaller generation 0 changes nothing. Next: a smaller program (see the zip).",
        },
        new("functions: zip, MB", "lambda.zip", 6.5)
        {
            Missed = "Of the program, 4.3 MB are the platform's base library, 1.0 the SDK, 0.8 what only the SDK needs (XML, regular expressions), 0.8 our core, 0.5 each LINQ, HTTP and cryptography, 0.3 BouncyCastle. Tables of unwinding and names for the stack traces in logs are 4 MB. Next: S3 through our own signed calls, without the SDK's XML and regular expressions.",
        },
        new("functions: calls to AWS one after another, cold", "lambda.cold", 3)
        {
            Missed = "The rows of the CAs come before what is read of the request. Read together they are three calls, but they open four connections to DynamoDB instead of two: a handshake of TLS costs about 1.4 ms of processor time, 20 ms in a function of 128 MB, which is more than the call that is saved. Next: read the rows of the CAs before the first event, while Lambda gives a function a whole processor.",
        },
        new("functions: calls to AWS one after another, warm", "lambda.chain", 3),
        new("largest table: `list --revoked`, processor time, times that of the smallest", "rows.list.growth", 1.5),
        new("largest table: `show SERIAL`, processor time, times that of the smallest", "rows.show.growth", 1.5),
        new("largest table: `run` (expiry and CRLs), processor time, times that of the smallest", "rows.run.growth", 1.5),
        new("largest table: `health`, seconds", "rows.health.seconds", 1) { IsTime = true },
    ];

    /// <summary>Returns a figure as the machine would show it at the speed of the limits; null where it is no time, or the speed was not
    /// measured.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="floor">The cryptography of an issue, in milliseconds.</param>
    public double? AtSpeedOfLimits(double value, double? floor) => IsTime && floor is { } own ? value * FloorOfLimits / own : null;

    /// <summary>Says how a figure compares; null is one that was not measured.</summary>
    public string Verdict(double? value) =>
        value is not { } measured ? "not measured" : (AtLeast ? measured >= Limit : measured <= Limit) ? "reached" : "**missed**";
}
