namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Hears how far a migration is.</summary>
public interface IMigrationObserver
{
    /// <summary>More rows were looked at.</summary>
    /// <param name="soFar">The counts up to now.</param>
    void Advanced(MigrationReport soFar);
}
