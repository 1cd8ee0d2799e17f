using ServerlessCA.Core.Operations;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Watches a run while it goes on: progress for people. Must not throw.</summary>
public interface IPipelineObserver
{
    /// <summary>A step begins.</summary>
    /// <param name="which">Which.</param>
    /// <param name="entryCount">Entries to come; 0 for other steps.</param>
    void Begins(CaFunction which, int entryCount);

    /// <summary>An entry ended.</summary>
    void Ended(EntryResult entry);

    /// <summary>A step ended.</summary>
    void Ended(StepResult result);
}
