using StreamSegmenter.Persistence.Sql.Tests.Crash;
using StreamSegmenter.Persistence.Sql.Tests.Measurement;

// The test runner does not come here: it loads the assembly as a library.
return args switch
{
    [LogCrashWriter.Command, string directory, string prefix] => await LogCrashWriter.RunAsync(directory, prefix),
    [StateCrashWriter.Command, string directory] => await StateCrashWriter.RunAsync(directory),
    ["measure", "postgres"] => await StorageMeasurement.RunPostgresAsync(connectionString: null),
    ["measure", "postgres", string connection] => await StorageMeasurement.RunPostgresAsync(connection),
    ["measure", string directory] => await StorageMeasurement.RunAsync(directory),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: measure DIRECTORY | measure postgres [CONNECTION-STRING]");
    return 1;
}
