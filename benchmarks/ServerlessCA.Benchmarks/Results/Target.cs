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
        new("first run of the larger list, native: ms of CPU an entry", "gitops.many.native.first.milliseconds", 1.2)
        {
            IsTime = true,
            Missed = "Where the time in parentheses is within the limit, the machine was slower than that of the limits while it was measured, and nothing else.",
        },
        new("first run of the larger list, JIT: ms of CPU an entry", "gitops.many.JIT.first.milliseconds", 1.2)
        {
            IsTime = true,
            Missed = "As for the native program; besides, a program for the JIT compiles itself in each run: most of what the smaller list takes. Who runs large lists often takes the native program.",
        },
        new("second run of the larger list, native: CPU s", "gitops.many.native.second.seconds", 2)
        {
            IsTime = true,
            Missed = "Where the time in parentheses is within the limit, the machine was slower than that of the limits while it was measured, and nothing else.",
        },
        new("second run of the larger list, JIT: CPU s", "gitops.many.JIT.second.seconds", 2)
        {
            IsTime = true,
            Missed = "As for the native program; besides, a program for the JIT compiles itself in each run: most of what the smaller list takes. Who runs large lists often takes the native program.",
        },
        new("first run, native: peak memory, times that of a tenth of the entries", "gitops.growth.native.first", 1.25)
        {
            Missed = "The text of the list, the places of its elements and a result for each entry are held until the end, some 8 MB for 10,000 entries; the rest is what the garbage collector has not collected yet, of 64 certificates that are stored at once and of all that came before. It was 1.49 before the step that reminds used the list of the run, and young objects had 4 MB instead of the third cache, which takes 15 MB from both runs. The list is there twice, as the document that it is read into is given back for its pool of arrays; without the copy the second run had 1.24, but a hostile list of 1 MiB took 20 MiB. `GCConserveMemory` and smaller regions change nothing. Next: results that are written as they come.",
        },
        new("second run, native: peak memory, times that of a tenth of the entries", "gitops.growth.native.second", 1.25)
        {
            Missed = "As for the first run, without the certificates.",
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
