print("treec")
