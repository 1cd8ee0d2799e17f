namespace ServerlessCA.Core.Access;

/// <summary>What an admitted caller may do; each level includes those before it.</summary>
public enum AccessLevel
{
    /// <summary>Ask for certificates, and see which functions there are.</summary>
    Request,

    /// <summary>Run every function: create CAs, publish CRLs, which carries out revocations, and remind of expiry.</summary>
    Operate,
}
