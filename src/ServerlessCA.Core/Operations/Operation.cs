using ServerlessCA.Core.Access;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Operations;

/// <summary>Is one of the functions, with all that is fixed about it: <see cref="All"/> is the one list of them, and no host has
/// a name of its own. The names are contract (contract section 1): scripts look functions up by them. Immutable.</summary>
public sealed record Operation
{
    /// <summary>Names the state of the state machine that finds out which entries need no call; it is no step.</summary>
    public const string SearchState = "Find settled entries";

    private Operation(CaFunction function, string name) => (Function, Name) = (function, name);

    /// <summary>Gets the function.</summary>
    public CaFunction Function { get; }

    /// <summary>Gets the short name, such as <c>tls-cert</c>: the handler setting of a Lambda function, and the name of the step
    /// in reports.</summary>
    public string Name { get; }

    /// <summary>Gets its state in the state machine (terraform/state-machine.asl.json.tftpl); null: the machine does not call
    /// it.</summary>
    public string? State { get; private init; }

    /// <summary>Gets its name as a step of a run in the server's log; null: it is no step.</summary>
    public string? Step { get; private init; }

    /// <summary>Gets the access level that a caller needs; null: no caller runs it, the topic does.</summary>
    public AccessLevel? Level { get; private init; }

    /// <summary>Says whether it reads its event and answers something; the others answer <c>null</c>.</summary>
    public bool Answers { get; private init; }

    /// <summary>Says whether it also delivers, on AWS, the notifications that earlier calls could not.</summary>
    public bool DeliversOutbox { get; private init; }

    /// <summary>Lists all functions, in the order of contract section 1.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new(CaFunction.CreateRootCa, "create-root-ca") { State = "Create root CA", Step = "CreateRootCa", Level = AccessLevel.Operate },
        new(CaFunction.CreateIssuingCa, "create-issuing-ca") { State = "Create issuing CA", Step = "CreateIssuingCa", Level = AccessLevel.Operate },
        new(CaFunction.RootCaCrl, "root-ca-crl") { State = "Publish root CRL", Step = "RootCrl", Level = AccessLevel.Operate },
        new(CaFunction.IssuingCaCrl, "issuing-ca-crl")
        {
            State = "Publish issuing CRL", Step = "IssuingCrl", Level = AccessLevel.Operate, DeliversOutbox = true,
        },
        new(CaFunction.TlsCert, "tls-cert") { State = "Issue certificates", Step = "Certificates", Level = AccessLevel.Request, Answers = true },
        new(CaFunction.Expiry, "expiry") { State = "Send reminders", Step = "Expiry", Level = AccessLevel.Operate, DeliversOutbox = true },
        new(CaFunction.Notify, "notify"),
    ];

    /// <summary>Lists the functions of a run, in its order (contract section 4).</summary>
    public static IReadOnlyList<Operation> Pipeline { get; } =
    [
        Of(CaFunction.CreateRootCa), Of(CaFunction.RootCaCrl), Of(CaFunction.CreateIssuingCa), Of(CaFunction.IssuingCaCrl),
        Of(CaFunction.TlsCert), Of(CaFunction.Expiry),
    ];

    /// <summary>Lists the functions that callers run.</summary>
    public static IReadOnlyList<Operation> Callable { get; } = [.. All.Where(operation => operation.Level is not null)];

    /// <summary>Returns what is fixed about a function.</summary>
    public static Operation Of(CaFunction function) => All[(int)function];

    /// <summary>Finds the function of a short name; null: there is none. Names match exactly.</summary>
    public static Operation? Find(string name) => All.FirstOrDefault(operation => operation.Name == name);

    /// <summary>Finds the function of a full name, such as <c>serverless-tls-cert-dev</c>; null when callers of this deployment
    /// run none of it. Names match exactly.</summary>
    public static Operation? Find(CaNames names, string fullName) =>
        Callable.FirstOrDefault(operation => names.Function(operation.Function) == fullName);
}

/// <summary>Names what can be called (contract section 4). What is fixed about each function stands in
/// <see cref="Operation.All"/>.</summary>
public enum CaFunction
{
    /// <summary>Creates the root CA unless it exists.</summary>
    CreateRootCa,

    /// <summary>Creates the issuing CA unless it exists.</summary>
    CreateIssuingCa,

    /// <summary>Publishes the CRL of the root CA.</summary>
    RootCaCrl,

    /// <summary>Publishes the CRL of the issuing CA.</summary>
    IssuingCaCrl,

    /// <summary>Issues a certificate; as a step of a run, one for every entry of <c>tls.json</c>.</summary>
    TlsCert,

    /// <summary>Reminds of certificates that expire.</summary>
    Expiry,

    /// <summary>Posts the topic's messages to Slack; exists on AWS only.</summary>
    Notify,
}
