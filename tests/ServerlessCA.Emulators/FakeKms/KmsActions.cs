using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>Carries out the actions, each with the checks that its page of the KMS API reference lists.</summary>
internal sealed class KmsActions(KmsStore store)
{
    private const int MaxRawBytes = 4096;
    private const int MuBytes = 64;

    public JsonObject Answer(string action, JsonElement request) => action switch
    {
        "Sign" => Sign(request),
        "GetPublicKey" => GetPublicKey(request),
        "DescribeKey" => DescribeKey(request),
        "ListAliases" => ListAliases(),
        "GenerateDataKeyPair" => GenerateDataKeyPair(request),
        _ => throw new KmsError("UnknownOperationException", ""),
    };

    private JsonObject Sign(JsonElement request)
    {
        KmsStoredKey key = store.Usable(Text(request, "KeyId"), "kms:Sign");
        string algorithm = Text(request, "SigningAlgorithm");
        string type = request.TryGetProperty("MessageType", out JsonElement given) ? given.GetString()! : "RAW";
        byte[] message = Bytes(request, "Message");
        RequireUsage(key, KmsKind.SignVerify);
        if (!key.Kind.Algorithms.Contains(algorithm))
        {
            throw new KmsError("InvalidKeyUsageException", $"Algorithm {algorithm} is incompatible with key spec {key.Kind.Spec}.");
        }

        return new JsonObject
        {
            ["KeyId"] = key.Arn,
            ["Signature"] = Convert.ToBase64String(Signature(key, algorithm, type, message)),
            ["SigningAlgorithm"] = algorithm,
        };
    }

    private static byte[] Signature(KmsStoredKey key, string algorithm, string type, byte[] message)
    {
        switch (type)
        {
            case "RAW" when message.Length is 0 or > MaxRawBytes:
                throw KmsError.Validation($"Value at 'message' failed to satisfy constraint: length of 1 to {MaxRawBytes}");
            case "RAW":
                return key.Kind.IsMlDsa ? key.SignMlDsa(message) : key.SignDigest(Hash(algorithm, message), algorithm);
            case "DIGEST" when !key.Kind.IsMlDsa:
                return message.Length == Hash(algorithm, []).Length
                    ? key.SignDigest(message, algorithm)
                    : throw KmsError.Validation($"Digest is invalid length for algorithm {algorithm}.");
            case "EXTERNAL_MU" when key.Kind.IsMlDsa:
                return message.Length == MuBytes
                    ? key.SignMu(message)
                    : throw KmsError.Validation($"Message of type EXTERNAL_MU must be {MuBytes} bytes.");
            default:
                throw KmsError.Validation($"MessageType {type} is not supported for algorithm {algorithm}.");
        }
    }

    private JsonObject GetPublicKey(JsonElement request)
    {
        KmsStoredKey key = store.Usable(Text(request, "KeyId"), "kms:GetPublicKey");
        if (key.Kind.IsSymmetric)
        {
            throw new KmsError("UnsupportedOperationException", $"{key.Arn} key usage is not supported for GetPublicKey.");
        }

        return new JsonObject
        {
            ["KeyId"] = key.Arn,
            ["KeySpec"] = key.Kind.Spec,
            ["KeyUsage"] = key.Usage,
            ["PublicKey"] = Convert.ToBase64String(key.PublicKey()),
            ["SigningAlgorithms"] = new JsonArray([.. key.Kind.Algorithms.Select(name => JsonValue.Create(name))]),
        };
    }

    private JsonObject DescribeKey(JsonElement request)
    {
        KmsStoredKey key = store.Find(Text(request, "KeyId"), "kms:DescribeKey");
        return new JsonObject
        {
            ["KeyMetadata"] = new JsonObject
            {
                ["Arn"] = key.Arn,
                ["KeyId"] = key.Id,
                ["Enabled"] = key.State == "Enabled",
                ["KeyState"] = key.State,
                ["KeySpec"] = key.Kind.Spec,
                ["KeyUsage"] = key.Usage,
            },
        };
    }

    private JsonObject ListAliases() => new()
    {
        ["Truncated"] = false,
        ["Aliases"] = new JsonArray([.. store.Aliases.Select(alias =>
            new JsonObject { ["AliasName"] = alias.Name, ["TargetKeyId"] = alias.Key.Id })]),
    };

    private JsonObject GenerateDataKeyPair(JsonElement request)
    {
        KmsStoredKey key = store.Usable(Text(request, "KeyId"), "kms:GenerateDataKeyPair");
        RequireUsage(key, KmsKind.EncryptDecrypt);
        if (KmsKind.Of(Text(request, "KeyPairSpec")) is not { IsSymmetric: false, IsMlDsa: false } kind)
        {
            throw KmsError.Validation("Value at 'keyPairSpec' failed to satisfy constraint: Member must satisfy enum value set");
        }

        using AsymmetricAlgorithm pair = kind.IsRsa ? RSA.Create(kind.ModulusBits) : ECDsa.Create(kind.Curve);
        byte[] pkcs8 = pair.ExportPkcs8PrivateKey();
        return new JsonObject
        {
            ["KeyId"] = key.Arn,
            ["KeyPairSpec"] = kind.Spec,
            ["PrivateKeyPlaintext"] = Convert.ToBase64String(pkcs8),
            ["PrivateKeyCiphertextBlob"] = Convert.ToBase64String(SHA256.HashData(pkcs8)),
            ["PublicKey"] = Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo()),
        };
    }

    private static void RequireUsage(KmsStoredKey key, string usage)
    {
        if (key.Usage != usage)
        {
            throw new KmsError("InvalidKeyUsageException", $"{key.Arn} key usage is {key.Usage} which is not valid for this operation.");
        }
    }

    private static byte[] Hash(string algorithm, byte[] message) =>
        CryptographicOperations.HashData(KmsKind.HashOf(algorithm), message);

    private static string Text(JsonElement request, string name) =>
        request.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw KmsError.Validation($"Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: Member must not be null");

    private static byte[] Bytes(JsonElement request, string name) =>
        request.GetProperty(name).TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw new KmsError("SerializationException", "");
}

/// <summary>An error as KMS returns it: <c>__type</c>, message and status ("Common errors", and those of each action).</summary>
internal sealed class KmsError(string type, string message, int status = 400) : Exception(message)
{
    public string Type => type;

    public int Status => status;

    public static KmsError Validation(string message) => new("ValidationException", message);

    public static KmsError NotFound(string what) => new("NotFoundException", what);
}
