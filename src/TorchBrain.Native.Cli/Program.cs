System.Console.WriteLine("torchbrain");
