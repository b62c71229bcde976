using System.Globalization;
using StreamSegmenter.Kafka.Tests.Measurements;

// Tests are run by 'dotnet test'; this measures: measure [records].
if (args is not ["measure", ..])
{
    Console.Error.WriteLine("usage: measure [records]");
    return 2;
}

await ReadMeasurement.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000);
return 0;
