using System.Text.Json;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Lists the keys of a request (contract section 5). Keys in other case are unknown; unknown keys are ignored, with a
/// warning (contract 12.24).</summary>
public static class RequestKeys
{
    /// <summary>Names the subject's CN.</summary>
    public const string CommonName = "common_name";

    /// <summary>Sets the lifetime in days.</summary>
    public const string Lifetime = "lifetime";

    /// <summary>Lists <c>client_auth</c>, <c>server_auth</c>.</summary>
    public const string Purposes = "purposes";

    /// <summary>Lists names or OIDs of usages.</summary>
    public const string ExtendedKeyUsages = "extended_key_usages";

    /// <summary>Lists subject alternative names.</summary>
    public const string Sans = "sans";

    /// <summary>Lists custom extensions.</summary>
    public const string Extensions = "extensions";

    /// <summary>Names a file below <c>csrs/</c>.</summary>
    public const string CsrFile = "csr_file";

    /// <summary>Holds base64 of a PEM CSR.</summary>
    public const string Base64CsrData = "base64_csr_data";

    /// <summary>Allows a key that was used before.</summary>
    public const string ForceIssue = "force_issue";

    /// <summary>Requests the certificate together with the chain.</summary>
    public const string CertBundle = "cert_bundle";

    /// <summary>Requests the chain only.</summary>
    public const string CaChainOnly = "ca_chain_only";

    /// <summary>Turns reminders of the expiry on or off.</summary>
    public const string NotifyExpiry = "notify_expiry";

    /// <summary>Turns the notification of the issue on or off.</summary>
    public const string NotifyIssued = "notify_issued";

    /// <summary>Holds the token with which a repeated request gets the same certificate (contract 12.13).</summary>
    public const string IdempotencyToken = "idempotency_token";

    /// <summary>Lists every key that has a meaning, those of the subject included.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. SubjectAttributes.All.Select(attribute => attribute.RequestKey),
        Lifetime, Purposes, ExtendedKeyUsages, Sans, Extensions, CsrFile, Base64CsrData,
        ForceIssue, CertBundle, CaChainOnly, NotifyExpiry, NotifyIssued, IdempotencyToken,
    ];
}

/// <summary>Reports a key of a request that has no effect (contract 12.24): it is unknown, or given again further down.
/// Immutable.</summary>
/// <param name="Place">The field that holds it, such as <c>extensions</c>; empty: the request itself.</param>
/// <param name="Key">The key as written.</param>
/// <param name="Known">The keys that are known there; null: any.</param>
public readonly record struct RequestKeyFault(string Place, string Key, IReadOnlyCollection<string>? Known)
{
    private const int MaxRemembered = 1000; // keys of one object; our decision: ten times as many as the warnings name

    /// <summary>Says whether it is known, and only given more than once.</summary>
    public bool IsKnown => Known?.Contains(Key) ?? true;

    /// <summary>Says what is wrong, such as <c>unknown key 'sans '</c>.</summary>
    public string What => $"{(Place.Length > 0 ? $"{Place}: " : "")}{(IsKnown ? $"key '{Excerpt.Of(Key)}' is given more than once" : $"unknown key '{Excerpt.Of(Key)}'")}";

    /// <summary>Suggests a key, such as <c>did you mean 'sans'?</c>; null when none is near.</summary>
    public string? Hint => !IsKnown && Suggestion.Nearest(Key, Known ?? []) is { } nearest ? $"did you mean '{nearest}'?" : null;

    /// <summary>Gets the warning for a request that is granted all the same.</summary>
    public string Warning => IsKnown ? $"{What}: the last one counts"
        : Hint is { } hint ? $"{What} was ignored: {hint}"
        : $"{What} was ignored";

    /// <summary>Finds every such key of a request, in order, each once.</summary>
    /// <param name="request">A JSON object, all of its texts well-formed Unicode.</param>
    internal static IEnumerable<RequestKeyFault> Of(JsonElement request) => InObject("", request, RequestKeys.All)
        .Concat(Members(request, RequestKeys.Extensions).SelectMany(extension => InObject(RequestKeys.Extensions, extension, ExtensionReader.Keys)))
        .Concat(InNames(request));

    /// <summary>Says whether a key is a remark: <c>comment</c>, or one that begins with <c>$</c> or <c>_</c>.</summary>
    internal static bool IsRemark(string key) => key is "comment" or ['$' or '_', ..];

    // A map from type to names has no keys of its own; unknown types are reported with their names.
    private static IEnumerable<RequestKeyFault> InNames(JsonElement request)
    {
        bool isMap = request.TryGetProperty(RequestKeys.Sans, out JsonElement sans)
            && sans.ValueKind == JsonValueKind.Object && !sans.TryGetProperty(SanReader.Value, out _);
        return isMap
            ? InObject(RequestKeys.Sans, sans, known: null)
            : Members(request, RequestKeys.Sans).SelectMany(name => InObject(RequestKeys.Sans, name, SanReader.Keys));
    }

    // Returns the objects in a field, which holds a list of them or a single one. A longer list is refused.
    private static IEnumerable<JsonElement> Members(JsonElement request, string field) =>
        !request.TryGetProperty(field, out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Take(SanReader.MaxNames).Where(element => element.ValueKind == JsonValueKind.Object)
        : value.ValueKind == JsonValueKind.Object ? [value]
        : [];

    // Of unknown keys it remembers the first thousand different ones, and counts each that follows: a request may have a hundred thousand.
    private static IEnumerable<RequestKeyFault> InObject(string place, JsonElement json, IReadOnlyCollection<string>? known)
    {
        var met = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            string key = member.Name;
            int times = met.GetValueOrDefault(key) + 1;
            if (times > 2 || IsRemark(key))
            {
                continue; // it has been reported, or is nobody's mistake
            }

            bool isKnown = known?.Contains(key) ?? true;
            bool isOurs = isKnown && known is not null;
            if (times > 1 || isOurs || met.Count < MaxRemembered)
            {
                met[key] = times;
            }

            if (times == (isKnown ? 2 : 1))
            {
                yield return new RequestKeyFault(place, key, known);
            }
        }
    }
}
